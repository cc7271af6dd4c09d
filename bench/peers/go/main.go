// SPDX-License-Identifier: MIT

// Answers the rows of corsac's benchmark through rs/cors and jub0bs/cors. Usage: go run . ROWS.JSON
package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"syscall"

	jub0bs "github.com/jub0bs/cors"
	rs "github.com/rs/cors"
)

type row struct {
	Name    string
	Entries []string
	Granted bool
	Method  string
	Lines   [][2]string
}

type benchmark struct {
	Methods []string
	Headers []string
	Exposed string
	MaxAge  int `json:"max_age"`
	Rows    []row
}

// What an application writes into the response.
var application = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	if r.Method == "OPTIONS" {
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", "8")
	h.Set("Vary", "Accept-Encoding")
})

func (b *benchmark) rsCors(entries []string) http.Handler {
	return rs.New(rs.Options{
		AllowedOrigins:   entries,
		AllowedMethods:   append([]string{"GET", "HEAD", "POST"}, b.Methods...),
		AllowedHeaders:   b.Headers,
		ExposedHeaders:   []string{b.Exposed},
		AllowCredentials: true,
		MaxAge:           b.MaxAge,
	}).Handler(application)
}

func (b *benchmark) jub0bsCors(entries []string) http.Handler {
	middleware, err := jub0bs.NewMiddleware(jub0bs.Config{
		Origins:         entries,
		Credentialed:    true,
		Methods:         b.Methods,
		RequestHeaders:  b.Headers,
		MaxAgeInSeconds: b.MaxAge,
		ResponseHeaders: []string{b.Exposed},
	})
	if err != nil {
		panic(err)
	}
	return middleware.Wrap(application)
}

type response struct{ header http.Header }

func (r *response) Header() http.Header         { return r.header }
func (r *response) Write(b []byte) (int, error) { return len(b), nil }
func (r *response) WriteHeader(int)             {}

// In nanoseconds, with what the garbage collector's threads use.
func cpuTime() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return float64(usage.Utime.Nano() + usage.Stime.Nano())
}

type result struct {
	Row, Kind, Way string
	Ns             []float64
	Allocations    float64
	Granted        bool
}

func measure(r row, way string, handler http.Handler, repetitions int) result {
	request, err := http.NewRequest(r.Method, "http://api.example.com/items/7", nil)
	if err != nil {
		panic(err)
	}
	for _, line := range r.Lines {
		request.Header.Add(line[0], line[1])
	}
	answer := func() http.Header {
		out := response{http.Header{}}
		handler.ServeHTTP(&out, request)
		return out.header
	}
	measured := result{Row: r.Name, Kind: "go", Way: way}
	measured.Granted = answer().Get("Access-Control-Allow-Origin") != ""
	times := 1
	for times < 1<<24 {
		start := cpuTime()
		for i := 0; i < times; i++ {
			answer()
		}
		if cpuTime()-start > 2e7 {
			break
		}
		times *= 2
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for i := 0; i < repetitions; i++ {
		start := cpuTime()
		for j := 0; j < times; j++ {
			answer()
		}
		measured.Ns = append(measured.Ns, (cpuTime()-start)/float64(times))
	}
	runtime.ReadMemStats(&after)
	measured.Allocations = float64(after.Mallocs-before.Mallocs) / float64(times*repetitions)
	return measured
}

func main() {
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		panic(err)
	}
	var b benchmark
	if err := json.Unmarshal(text, &b); err != nil {
		panic(err)
	}
	out := json.NewEncoder(os.Stdout)
	for _, r := range b.Rows {
		for way, handler := range map[string]http.Handler{
			"base":        application,
			"rs/cors":     b.rsCors(r.Entries),
			"jub0bs/cors": b.jub0bsCors(r.Entries),
		} {
			if err := out.Encode(measure(r, way, handler, 7)); err != nil {
				fmt.Fprintln(os.Stderr, err)
			}
		}
	}
}
