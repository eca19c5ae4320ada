rtl/soc/cim_cpu.sv
rtl/top/cim_board.sv
rtl/top/cim_pcie.sv
