// expect: (could not convert|cannot convert|no viable conversion|no matching|conversion from)
#include <corsac/corsac.hpp>

const corsac::policy_options options{.allow_origins = "https://example.com"};
