// expect: allow_orgins
#include <corsac/corsac.hpp>

const auto policy = corsac::make_policy(corsac::policy_options{
    .allow_orgins = {"https://app.example"},
    .allow_credentials = true,
});
