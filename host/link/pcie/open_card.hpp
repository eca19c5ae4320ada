// Opens a PCIe card by its address.
#pragma once

#include <memory>

#include "host/link/address.hpp"
#include "host/link/pcie/i_card.hpp"
#include "host/link/pcie/pci_function.hpp"

namespace crucible::link {

/// For the schemes of cards alone. Throws crucible::Error: kDevice when there is no card or it may
/// not be used, kTimeout.
[[nodiscard]] std::unique_ptr<ICard> open_card(const Address& address,
                                               const KernelRoots& roots = {});

}  // namespace crucible::link
