# vivado -mode batch -source build.tcl -tclargs OUT SOURCE...; called by build.sh. NOT RUN HERE.
#
# The shell: XDMA (PCIe 2.0 x4), whose AXI4-Lite master is BAR0 and whose DMA master sees BAR2's memory at address 0, both taken
# to 32 bits at 24 MHz.
set out [lindex $argv 0]
set part xc7a100tfgg484-2
create_project -force litefury $out/vivado -part $part
add_files [lrange $argv 1 end]
set_property file_type SystemVerilog [get_files *.sv]
set_property include_dirs $out [current_fileset]
add_files -fileset constrs_1 {boards/litefury/lanes.xdc boards/litefury/litefury.xdc}
set_property PROCESSING_ORDER EARLY [get_files lanes.xdc]

create_bd_design litefury_shell
set refclk [create_bd_cell -type ip -vlnv xilinx.com:ip:util_ds_buf refclk]
set_property CONFIG.C_BUF_TYPE IBUFDSGTE $refclk
set xdma [create_bd_cell -type ip -vlnv xilinx.com:ip:xdma xdma]
set_property -dict [list CONFIG.pl_link_cap_max_link_width X4 CONFIG.pl_link_cap_max_link_speed 5.0_GT/s \
  CONFIG.axi_data_width 128_bit CONFIG.axisten_freq 125 CONFIG.axilite_master_en true CONFIG.axilite_master_size 64 \
  CONFIG.axilite_master_scale Kilobytes CONFIG.pf0_interrupt_pin NONE CONFIG.xdma_num_usr_irq 1] $xdma
set wizard [create_bd_cell -type ip -vlnv xilinx.com:ip:clk_wiz core_clock]
set_property -dict [list CONFIG.PRIM_SOURCE No_buffer CONFIG.PRIM_IN_FREQ 125 CONFIG.CLKOUT1_REQUESTED_OUT_FREQ 24 \
  CONFIG.RESET_TYPE ACTIVE_LOW] $wizard
set reset [create_bd_cell -type ip -vlnv xilinx.com:ip:proc_sys_reset core_reset]
foreach name {registers memory} {
  set_property -dict [list CONFIG.NUM_SI 1 CONFIG.NUM_CLKS 2] [create_bd_cell -type ip -vlnv xilinx.com:ip:smartconnect $name]
}

create_bd_port -dir I pcie_clk_p
create_bd_port -dir I pcie_clk_n
create_bd_port -dir I -type rst pcie_rst_n
set_property CONFIG.POLARITY ACTIVE_LOW [get_bd_ports pcie_rst_n]
foreach {port dir} {pcie_rxp I pcie_rxn I pcie_txp O pcie_txn O} { create_bd_port -dir $dir -from 3 -to 0 $port }
create_bd_port -dir O -type clk core_clk
create_bd_port -dir O -type rst core_rst_n
foreach {port protocol bits} {axil AXI4LITE 16 axi AXI4 20} {
  set interface [create_bd_intf_port -mode Master -vlnv xilinx.com:interface:aximm_rtl:1.0 $port]
  set_property -dict [list CONFIG.PROTOCOL $protocol CONFIG.DATA_WIDTH 32 CONFIG.ADDR_WIDTH $bits CONFIG.HAS_LOCK 0 \
    CONFIG.HAS_CACHE 0 CONFIG.HAS_PROT 0 CONFIG.HAS_QOS 0 CONFIG.HAS_REGION 0] $interface
}
set_property CONFIG.ASSOCIATED_BUSIF {axil:axi} [get_bd_ports core_clk]

connect_bd_net [get_bd_ports pcie_clk_p] [get_bd_pins refclk/IBUF_DS_P]
connect_bd_net [get_bd_ports pcie_clk_n] [get_bd_pins refclk/IBUF_DS_N]
connect_bd_net [get_bd_pins refclk/IBUF_OUT] [get_bd_pins xdma/sys_clk]
connect_bd_net [get_bd_ports pcie_rst_n] [get_bd_pins xdma/sys_rst_n]
foreach lane {rxp rxn} { connect_bd_net [get_bd_ports pcie_$lane] [get_bd_pins xdma/pci_exp_$lane] }
foreach lane {txp txn} { connect_bd_net [get_bd_pins xdma/pci_exp_$lane] [get_bd_ports pcie_$lane] }
connect_bd_net [get_bd_pins xdma/axi_aclk] [get_bd_pins core_clock/clk_in1] [get_bd_pins registers/aclk] [get_bd_pins memory/aclk]
connect_bd_net [get_bd_pins xdma/axi_aresetn] [get_bd_pins core_clock/resetn] [get_bd_pins core_reset/ext_reset_in] \
  [get_bd_pins registers/aresetn] [get_bd_pins memory/aresetn]
connect_bd_net [get_bd_pins core_clock/clk_out1] [get_bd_pins core_reset/slowest_sync_clk] [get_bd_pins registers/aclk1] \
  [get_bd_pins memory/aclk1] [get_bd_ports core_clk]
connect_bd_net [get_bd_pins core_clock/locked] [get_bd_pins core_reset/dcm_locked]
connect_bd_net [get_bd_pins core_reset/peripheral_aresetn] [get_bd_ports core_rst_n]
connect_bd_intf_net [get_bd_intf_pins xdma/M_AXI_LITE] [get_bd_intf_pins registers/S00_AXI]
connect_bd_intf_net [get_bd_intf_pins xdma/M_AXI] [get_bd_intf_pins memory/S00_AXI]
connect_bd_intf_net [get_bd_intf_pins registers/M00_AXI] [get_bd_intf_ports axil]
connect_bd_intf_net [get_bd_intf_pins memory/M00_AXI] [get_bd_intf_ports axi]
assign_bd_address -offset 0 -range 64K [get_bd_addr_segs axil/Reg]
assign_bd_address -offset 0 -range 1M [get_bd_addr_segs axi/Reg]
validate_bd_design
save_bd_design
generate_target all [get_files litefury_shell.bd]

set_property top cim_litefury [current_fileset]
launch_runs impl_1 -to_step write_bitstream -jobs 4
wait_on_run impl_1
open_run impl_1
report_timing_summary -file $out/timing.rpt
report_utilization -file $out/utilisation.rpt
if {[get_property SLACK [get_timing_paths -max_paths 1 -nworst 1 -setup]] < 0} {
  puts stderr "timing is not met: $out/timing.rpt"
  exit 1
}
file copy -force $out/vivado/litefury.runs/impl_1/cim_litefury.bit $out/bitstream.bit
write_cfgmem -force -format bin -interface spix4 -size 16 -loadbit "up 0x0 $out/bitstream.bit" -file $out/bitstream.bin
