// SPDX-License-Identifier: MIT
#ifndef CORSAC_ADAPTERS_DETAIL_KEPT_ANSWER_HPP
#define CORSAC_ADAPTERS_DETAIL_KEPT_ANSWER_HPP

#include <corsac/decision/decision.hpp>
#include <corsac/origin/origin.hpp>

#include <cstddef>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

namespace corsac::inline v0::detail {

/// What keeps a request's policy, in a form that may be copied.
template <class Pointer>
using shareable = std::conditional_t<std::is_copy_constructible_v<Pointer>, Pointer,
                                     std::shared_ptr<const Pointer>>;

template <class Pointer>
[[nodiscard]] shareable<Pointer> make_shareable(Pointer pointer) {
    if constexpr (std::is_copy_constructible_v<Pointer>) {
        return pointer;
    } else {
        return std::make_shared<const Pointer>(std::move(pointer));
    }
}

/// A decision that leaves the answer to the application, made independent of a request that the
/// handler may move away or destroy. Of such a decision only the origin can be the request's.
class kept_answer {
public:
    explicit kept_answer(const decision& d) noexcept : fields_(d.fields()) {
        fields_.subject = {};
        const std::string_view origin = fields_.allow_origin;
        if (origin.size() > sizeof origin_) fields_.allow_origin = {};  // none matches that long
        size_ = fields_.allow_origin.size();
        for (std::size_t i = 0; i < size_; ++i) origin_[i] = origin[i];
    }

    /// Valid as long as this object.
    [[nodiscard]] decision get() const noexcept {
        decision_fields fields = fields_;
        fields.allow_origin = {origin_, size_};
        return decision{fields};
    }

private:
    decision_fields fields_;
    std::size_t size_;
    char origin_[max_origin_length];
};

}  // namespace corsac::inline v0::detail

#endif
