// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_DETAIL_CORE_HPP
#define CORSAC_INTEROP_DETAIL_CORE_HPP

namespace corsac::inline v0_2_0::detail {}

namespace corsac::inline v0_2_0::interop::detail {

// The core's helpers: `detail::` names them and this room's own alike.
using namespace corsac::detail;

}  // namespace corsac::inline v0_2_0::interop::detail

#endif
