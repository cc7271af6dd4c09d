module corsac/bench/peers

go 1.24.0

require (
	github.com/jub0bs/cors v0.8.0
	github.com/rs/cors v1.11.1
)

require (
	golang.org/x/net v0.43.0 // indirect
	golang.org/x/text v0.28.0 // indirect
)
