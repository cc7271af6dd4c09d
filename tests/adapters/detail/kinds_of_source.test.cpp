// SPDX-License-Identifier: MIT
#include <corsac/adapters/detail/kinds_of_source.hpp>

#include <corsac/adapters/policy_source.hpp>
#include <corsac/corsac.hpp>
#include <corsac/live/asked_origins.hpp>
#include <corsac/live/debug_switch.hpp>
#include <corsac/live/live_policy.hpp>
#include <corsac/table/live_table.hpp>

#include <memory>
#include <optional>

// What an argument is taken for. All of it is checked by the compiler.

namespace {

using corsac::policy;
using corsac::detail::kind_of_source;
using corsac::detail::source_kind;

static_assert(kind_of_source<policy> == source_kind::policy);
static_assert(kind_of_source<corsac::policy_table> == source_kind::table);
static_assert(kind_of_source<std::shared_ptr<const policy>> == source_kind::shared_policy);
static_assert(kind_of_source<std::shared_ptr<policy>> == source_kind::shared_policy);
static_assert(kind_of_source<std::shared_ptr<corsac::policy_table>> == source_kind::shared_table);
static_assert(kind_of_source<corsac::live_policy> == source_kind::live);
static_assert(kind_of_source<corsac::live_table> == source_kind::live);
static_assert(kind_of_source<std::shared_ptr<int>> == source_kind::other);
static_assert(kind_of_source<std::shared_ptr<corsac::live_policy>> == source_kind::other);
static_assert(kind_of_source<const policy*> == source_kind::other);
static_assert(kind_of_source<corsac::result<policy>> == source_kind::other);
static_assert(kind_of_source<corsac::policy_options> == source_kind::other);
static_assert(kind_of_source<int> == source_kind::other);

// What is made of them, with what stands around it.
using single = corsac::single_policy<policy>;
static_assert(kind_of_source<single> == source_kind::made);
static_assert(kind_of_source<corsac::table_source<corsac::policy_table>> == source_kind::made);
static_assert(kind_of_source<corsac::live_source<corsac::live_policy>> == source_kind::made);
static_assert(kind_of_source<corsac::observed_source<single, int>> == source_kind::made);
static_assert(kind_of_source<corsac::debuggable_source<single, int>> == source_kind::made);
static_assert(kind_of_source<corsac::asking_source<single, int, int>> == source_kind::made);

// A pointer to any of them says nothing about who keeps it alive; a result is not one.
using corsac::detail::is_pointer_to_source;
static_assert(is_pointer_to_source<const policy*>);
static_assert(is_pointer_to_source<std::unique_ptr<policy>>);
static_assert(is_pointer_to_source<std::optional<policy>>);
static_assert(is_pointer_to_source<corsac::result<policy>*>);
static_assert(!is_pointer_to_source<corsac::result<policy>>);
static_assert(!is_pointer_to_source<const int*>);
static_assert(corsac::detail::is_result<corsac::result<policy>>);
static_assert(!corsac::detail::is_result<policy>);

// Who is asked about origins knows answers, can be waited for, and says for how long, and what the
// answers depend on.
struct finds {
    std::optional<corsac::origin_verdict> find(const corsac::origin_question&) const;
};
struct waits {
    corsac::origin_verdict wait(const corsac::origin_question&) const;
};
struct varies {
    corsac::vary_names vary() const;
};
struct is_patient {
    int patience() const;
};
template <class... Part>
struct asked : Part... {};

using corsac::detail::answers_questions;
static_assert(answers_questions<corsac::asked_origins>);
static_assert(answers_questions<asked<finds, waits, varies, is_patient>>);
static_assert(!answers_questions<asked<waits, varies, is_patient>>);
static_assert(!answers_questions<asked<finds, varies, is_patient>>);
static_assert(!answers_questions<asked<finds, waits, is_patient>>);
static_assert(!answers_questions<asked<finds, waits, varies>>);

}  // namespace
