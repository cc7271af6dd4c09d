// expect: corsac_error_in_static_policy
// expect: (https://example\.com/|'e', 'x', 'a', 'm', 'p', 'l', 'e', '\.', 'c', 'o', 'm', '/')
// expect: (has a path|'h', 'a', 's', ' ', 'a', ' ', 'p', 'a', 't', 'h')
#include <corsac/corsac.hpp>

constexpr auto policy = corsac::static_policy(
    [] { return corsac::policy_options{.allow_origins = {"https://example.com/"}}; });
