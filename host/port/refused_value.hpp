// What is wrong with a word that a device refused with BAD_VALUE.
#pragma once

#include <cstdint>
#include <string>

namespace crucible::port {

/// "ADC.bits is 13, legal is 1 .. 12", "STUCK: cell 2 of the word is 3, legal is 0 free, 1 off, 2
/// on"; every field that is out of its range. Empty where the map alone does not tell.
[[nodiscard]] std::string describe_value(uint32_t address, uint32_t word);

}  // namespace crucible::port
