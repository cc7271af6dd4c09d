// expect: corsac_error_in_static_policy
// expect: (credentials_with_any_origin|'a', 'n', 'y', '_', 'o', 'r', 'i', 'g', 'i', 'n')
// expect: (method_wrong_case|'w', 'r', 'o', 'n', 'g', '_', 'c', 'a', 's', 'e')
#include <corsac/corsac.hpp>

constexpr auto policy = corsac::static_policy([] {
    return corsac::policy_options{
        .allow_origins = {"*"}, .allow_methods = {"put"}, .allow_credentials = true};
});
