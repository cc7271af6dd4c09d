// SPDX-License-Identifier: MIT
#include <corsac/detail/ip_address.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace {

namespace detail = corsac::detail;

struct ipv4_row {
    const char* about;
    std::string_view host;
    bool number_at_end;  ///< the host is an IPv4 address or wrong
    std::optional<std::uint32_t> address;
    bool serialised;  ///< as browsers write it
};

// As Node reads each in `http://…/`.
constexpr ipv4_row ipv4_rows[] = {
    {"four numbers", "127.0.0.1", true, 0x7f000001, true},
    {"the highest", "255.255.255.255", true, 0xffffffff, true},
    {"one more at the end", "1.2.3.256", true, std::nullopt, false},
    {"one more before it", "256.2.3.4", true, std::nullopt, false},
    {"a zero before a number is octal", "1.2.3.010", true, 0x01020308, false},
    {"which has no 8", "1.2.3.08", true, std::nullopt, false},
    {"the last number fills the rest", "127.1", true, 0x7f000001, false},
    {"of two bytes", "1.2.65535", true, 0x0102ffff, false},
    {"and no more", "1.2.65536", true, std::nullopt, false},
    {"of three", "1.16777215", true, 0x01ffffff, false},
    {"and no more than that", "1.16777216", true, std::nullopt, false},
    {"one number", "4294967295", true, 0xffffffff, false},
    {"one more", "4294967296", true, std::nullopt, false},
    {"far more", "99999999999999999999999999999999999", true, std::nullopt, false},
    {"any zeros before it", "00000000000000000000000000007", true, 7, false},
    {"hexadecimal", "0x7f.0XaF", true, 0x7f0000af, false},
    {"without digits", "0x", true, 0, false},
    {"with others", "0xg", false, std::nullopt, false},
    {"five numbers", "1.2.3.4.5", true, std::nullopt, false},
    {"none between dots", "1..2", true, std::nullopt, false},
    {"a dot behind it", "1.2.3.4.", true, 0x01020304, false},
    {"a name", "a.example", false, std::nullopt, false},
    {"a name that ends in a number", "a.1", true, std::nullopt, false},
    {"a number and a letter", "1.2.3.4a", false, std::nullopt, false},
    {"nothing", "", false, std::nullopt, false},
    {"a dot", ".", false, std::nullopt, false},
};

constexpr bool holds(const ipv4_row& r) {
    const detail::ipv4_address read = detail::parse_any_ipv4(r.host);
    return detail::ends_in_number(r.host) == r.number_at_end &&
           read.valid == r.address.has_value() && (!read.valid || read.number == *r.address) &&
           detail::is_ipv4(r.host) == r.serialised;
}

struct ipv6_row {
    const char* about;
    std::string_view written;
    std::string_view serialised;  ///< empty if it is none
};

constexpr ipv6_row ipv6_rows[] = {
    {"eight groups", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
    {"letters", "ABCD:ef01::", "abcd:ef01::"},
    {"zeros before digits", "0001:0020::0300", "1:20::300"},
    {"nothing but zeros", "0:0:0:0:0:0:0:0", "::"},
    {"zeros at the start", "0:0:0:0:0:0:0:1", "::1"},
    {"zeros at the end", "1:0:0:0:0:0:0:0", "1::"},
    {"a gap in the middle", "1::8", "1::8"},
    {"the longest run is left out", "1:0:0:4:0:0:0:8", "1:0:0:4::8"},
    {"the first of two", "1:0:0:4:0:0:7:8", "1::4:0:0:7:8"},
    {"a single zero is not", "1:2:3:0:5:6:7:8", "1:2:3:0:5:6:7:8"},
    {"nor written so", "1:2:3::5:6:7:8", "1:2:3:0:5:6:7:8"},
    {"a gap that stands for nothing", "1:2:3:4::5:6:7:8", ""},
    {"two gaps", "1::2::3", ""},
    {"three colons", "1:::2", ""},
    {"seven groups", "1:2:3:4:5:6:7", ""},
    {"nine", "1:2:3:4:5:6:7:8:9", ""},
    {"nine with a gap", "::1:2:3:4:5:6:7:8", ""},
    {"a colon at the start", ":1::", ""},
    {"a colon at the end", "1:2:3:4:5:6:7:", ""},
    {"five digits", "12345::", ""},
    {"no digit", "g::", ""},
    {"nothing", "", ""},
    {"an IPv4 address at the end", "::ffff:192.168.0.1", "::ffff:c0a8:1"},
    {"behind six groups", "1:2:3:4:5:6:7.8.9.10", "1:2:3:4:5:6:708:90a"},
    {"behind seven", "1:2:3:4:5:6:7:1.2.3.4", ""},
    {"not at the end", "1.2.3.4::", ""},
    {"of three numbers", "::1.2.3", ""},
    {"of five", "::1.2.3.4.5", ""},
    {"with a dot behind it", "::1.2.3.4.", ""},
    {"with a zero before a number", "::01.2.3.4", ""},
    {"with too large a number", "::1.2.3.256", ""},
};

constexpr bool holds(const ipv6_row& r) {
    const detail::ipv6_address read = detail::parse_ipv6(r.written);
    if (!read.valid) return r.serialised.empty();
    return detail::serialize_ipv6(read).view() == r.serialised &&
           detail::is_serialized_ipv6(r.written) == (r.written == r.serialised);
}

constexpr bool every_row_holds() {
    for (const ipv4_row& r : ipv4_rows) {
        if (!holds(r)) return false;
    }
    for (const ipv6_row& r : ipv6_rows) {
        if (!holds(r)) return false;
    }
    return true;
}
static_assert(every_row_holds());

TEST_CASE("IPv4 addresses are read in every spelling that a URL may have") {
    for (const ipv4_row& r : ipv4_rows) {
        CAPTURE(r.about);
        CHECK(holds(r));
    }
}

TEST_CASE("IPv6 addresses are read and written as URLs are") {
    for (const ipv6_row& r : ipv6_rows) {
        CAPTURE(r.about);
        CHECK(holds(r));
    }
}

}  // namespace
