-Wno-UNUSEDPARAM
-Wno-MULTITOP
tests/cosim/cim_faulty_top.sv
