// expect: corsac: a middleware without a policy would do nothing; write
// crow::App<corsac::crow_middleware<>> app
#include <corsac/adapters/crow.hpp>

corsac::crow_middleware<> middleware;
