// expect: corsac_error_vary_names_are_header_names_separated_by_commas
#include <corsac/decision/asked_origin.hpp>

constexpr corsac::vary_names tenant{"X-Tenant: acme"};
