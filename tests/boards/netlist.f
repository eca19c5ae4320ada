-DNO_ICE40_DEFAULT_ASSIGNMENTS
-Wno-lint
-Wno-style
// yosys' models assign combinational logic and initial values without blocking; Verilator blocks, which is what they mean.
-Wno-COMBDLY
-Wno-INITIALDLY
// Our models of cells stand before yosys' black boxes of the same name.
-Wno-MODDUP
// The carries within a DSP48E1 are a vector: slower, not wrong.
-Wno-UNOPTFLAT
--output-split-cfuncs 500
