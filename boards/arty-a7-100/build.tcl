# vivado -mode batch -source build.tcl -tclargs OUT SOURCE...; called by build.sh. NOT RUN HERE.
set out [lindex $argv 0]
set part xc7a100tcsg324-1
read_verilog -sv [lrange $argv 1 end]
read_xdc boards/arty-a7-100/arty-a7-100.xdc
synth_design -top cim_arty_a7_100 -part $part -include_dirs $out
opt_design
place_design
route_design
report_timing_summary -file $out/timing.rpt
report_utilization -file $out/utilisation.rpt
if {[get_property SLACK [get_timing_paths -max_paths 1 -nworst 1 -setup]] < 0} {
  puts stderr "timing is not met at 24 MHz: $out/timing.rpt"
  exit 1
}
write_bitstream -force -bin_file $out/bitstream.bit
