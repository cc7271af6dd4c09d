// expect: (deleted|borrowed_text)
#include <corsac/corsac.hpp>

#include <string>

struct request {
    std::string_view method() const { return "GET"; }
    template <class F>
    void visit(const F& f) const {
        f("origin", std::string("https://example.com"));
    }
};

corsac::decision decide(const corsac::policy& p) { return corsac::evaluate(p, request{}); }
