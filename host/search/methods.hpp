// The methods' makers; each is defined in the file of its name and listed in registry.cpp.
#pragma once

#include <memory>

#include "host/search/i_search_method.hpp"

namespace crucible::search {

[[nodiscard]] std::unique_ptr<ISearchMethod> make_random_vertex();
[[nodiscard]] std::unique_ptr<ISearchMethod> make_weight_pgd();
[[nodiscard]] std::unique_ptr<ISearchMethod> make_cw_penalty();
[[nodiscard]] std::unique_ptr<ISearchMethod> make_margin_ascent();

}  // namespace crucible::search
