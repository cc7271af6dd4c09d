// expect: corsac: what is asked about origins takes \(const corsac::origin_question&\) and returns
// a corsac::origin_verdict, or takes a corsac::origin_reply as well and calls it later
#include <corsac/live/asked_origins.hpp>

#include <string_view>

const corsac::asked_origins tenants{[](std::string_view origin) { return origin.empty(); }};
