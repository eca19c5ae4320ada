// Words over a UART: a queue of received bytes, the aligner behind it, and the transmitter. It only wires.
module cim_uart_words #(
  parameter int unsigned ClksPerBit = 8,  // clock cycles a bit, 4 .. 65535
  parameter int unsigned Bytes = 512      // received bytes that may wait, a power of two
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        flush_i,            // forgets received bytes, and of a word being sent what is not on the line
  input  logic        rx_i,
  output logic        tx_o,
  output logic        idle_o,
  input  logic        hunting_i,
  output logic        rx_valid_o,
  input  logic        rx_ready_i,
  output logic [31:0] rx_data_o,
  input  logic        tx_valid_i,
  output logic        tx_ready_o,
  input  logic [31:0] tx_data_i,
  output logic        frame_error_o,      // stop bit missing
  output logic        overflow_o          // a received byte was lost
);
  logic byte_valid, fifo_full, fifo_valid, fifo_ready, fifo_empty, align_empty, rx_idle, tx_idle;
  logic [7:0] byte_data, fifo_data;

  cim_uart_rx #(.ClksPerBit(ClksPerBit)) u_rx (
    .clk_i, .rst_ni, .rx_i, .valid_o(byte_valid), .data_o(byte_data), .frame_error_o,
    .idle_o(rx_idle)
  );

  cim_ram_fifo #(.Width(8), .Depth(Bytes)) u_fifo (
    .clk_i, .rst_ni, .flush_i, .push_i(byte_valid), .data_i(byte_data), .full_o(fifo_full),
    .valid_o(fifo_valid), .data_o(fifo_data), .pop_i(fifo_valid && fifo_ready), .empty_o(fifo_empty)
  );

  cim_word_align u_align (
    .clk_i, .rst_ni, .flush_i, .hunting_i,
    .byte_valid_i(fifo_valid), .byte_ready_o(fifo_ready), .byte_i(fifo_data),
    .word_valid_o(rx_valid_o), .word_ready_i(rx_ready_i), .word_o(rx_data_o), .empty_o(align_empty)
  );

  cim_uart_tx #(.ClksPerBit(ClksPerBit)) u_tx (
    .clk_i, .rst_ni, .flush_i, .valid_i(tx_valid_i), .ready_o(tx_ready_o), .data_i(tx_data_i), .tx_o,
    .idle_o(tx_idle)
  );

  assign overflow_o = byte_valid && fifo_full;
  assign idle_o = rx_idle && tx_idle && fifo_empty && align_empty;
endmodule
