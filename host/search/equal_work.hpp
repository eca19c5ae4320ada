// Before workers share a search: are they all about to do the same one, with the same arithmetic?
#pragma once

#include <string>

#include "host/base/workers.hpp"
#include "host/search/problem.hpp"

namespace crucible::search {

/// Compares problem, method, settings, `more`, program, processor, and the gradient of a few images
/// to the last bit, between problem.workers. Throws crucible::Error(kMismatch) naming what differs
/// between whom.
void require_equal_work(const SearchProblem& problem, const std::string& method,
                        const SearchSettings& settings, const Facts& more = {});

}  // namespace crucible::search
