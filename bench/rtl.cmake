# The bare tile of `full`: the generated parameters that cim_tile has. The link's package is read and not used.
include(CrucibleVerilator)
file(STRINGS ${CMAKE_SOURCE_DIR}/rtl/gen/cim_config_full.f parameters
  REGEX "^-G(Rows|Cols|Banks|InBits|InWords|OutWords|Effects|Converters)=")
list(JOIN parameters "\n" parameters)
file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/cim_tile_full.f CONTENT "-Wno-UNUSEDPARAM\n${parameters}\n")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/rtl/gen/cim_config_full.f)
crucible_verilated_model(cim_tile_full Vcim_tile_full cim_tile ${CMAKE_CURRENT_BINARY_DIR}/cim_tile_full.f)

add_executable(rtl_bench ${CMAKE_CURRENT_LIST_DIR}/rtl_bench.cpp ${CMAKE_CURRENT_LIST_DIR}/tile_bench.cpp)
target_link_libraries(rtl_bench PRIVATE crucible_flags crucible_rtl cim_tile_full benchmark::benchmark)
