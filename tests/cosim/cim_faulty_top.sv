// A device with the ports of cim_top and a fault: the first word of a client pops a queue that is empty.
module cim_faulty_top (
  input  logic        clk_i,
  input  logic        rst_ni,
  /* verilator lint_off UNUSEDSIGNAL */
  input  logic        link_sel_i,
  input  logic        uart_rx_i,
  input  logic [31:0] stream_rx_data_i,
  input  logic        stream_tx_ready_i,
  /* verilator lint_on UNUSEDSIGNAL */
  input  logic        stream_rx_valid_i,
  output logic        uart_tx_o,
  output logic        stream_rx_ready_o,
  output logic        stream_tx_valid_o,
  output logic [31:0] stream_tx_data_o,
  output logic        busy_o,
  output logic        link_idle_o,
  output logic [63:0] cycle_o
);
  /* verilator lint_off UNUSEDSIGNAL */
  logic full, valid;
  logic [7:0] data;
  /* verilator lint_on UNUSEDSIGNAL */

  cim_fifo u_fifo (
    .clk_i, .rst_ni, .flush_i(1'b0), .push_i(1'b0), .data_i(8'd0), .full_o(full), .valid_o(valid), .data_o(data),
    .pop_i(stream_rx_valid_i)
  );

  assign uart_tx_o = 1'b1;
  assign stream_rx_ready_o = 1'b1;
  assign stream_tx_valid_o = 1'b0;
  assign stream_tx_data_o = '0;
  assign busy_o = 1'b0;
  assign link_idle_o = 1'b1;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) cycle_o <= '0;
    else cycle_o <= cycle_o + 64'd1;
  end
endmodule
