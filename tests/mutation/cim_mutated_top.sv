// The mutated netlist with its selector in a register: what hangs on it is then evaluated at the clock's edge alone, not
// with every change of an input, and the Verilated model is several times faster.
module cim_mutated_top (
  input  logic [15:0] mutsel_i,         // mutant, 0 for the design as it is; from the first clock on
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        link_sel_i,
  input  logic        uart_rx_i,
  output logic        uart_tx_o,
  input  logic        stream_rx_valid_i,
  output logic        stream_rx_ready_o,
  input  logic [31:0] stream_rx_data_i,
  output logic        stream_tx_valid_o,
  input  logic        stream_tx_ready_i,
  output logic [31:0] stream_tx_data_o,
  output logic        busy_o,
  output logic        link_idle_o,
  output logic [63:0] cycle_o
);
  logic [15:0] mutsel_q;
  always_ff @(posedge clk_i) mutsel_q <= mutsel_i;

  cim_top u_top (
    .mutsel(mutsel_q), .clk_i, .rst_ni, .link_sel_i, .uart_rx_i, .uart_tx_o, .stream_rx_valid_i, .stream_rx_ready_o,
    .stream_rx_data_i, .stream_tx_valid_o, .stream_tx_ready_i, .stream_tx_data_o, .busy_o, .link_idle_o, .cycle_o
  );
endmodule
