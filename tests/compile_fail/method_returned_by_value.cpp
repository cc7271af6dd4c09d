// expect: (borrowed_text|satisfaction of 'request_view)
#include <corsac/corsac.hpp>

#include <string>

struct request {
    std::string method() const { return "GET"; }
    std::string_view first(std::string_view) const { return {}; }
};

corsac::decision decide(const corsac::policy& p) { return corsac::evaluate(p, request{}); }
