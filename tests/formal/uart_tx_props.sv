// cim_uart_tx against the time since a byte began: every bit stands on the line for ClksPerBit cycles, byte after byte.
module uart_tx_props #(
  parameter int unsigned ClksPerBit = 4,
  parameter int unsigned Fault = 0   // planted: 1 a bit of the data, 2 a word in a stop bit's last cycle waits, 3 a flush is lost
) (
  input logic        clk_i,
  input logic        rst_ni,
  input logic        flush_i,
  input logic        valid_i,
  input logic [31:0] data_i
);
  localparam int unsigned Frame = 10 * ClksPerBit;   // cycles of a byte with its start and stop bit
  localparam int unsigned TimeW = $clog2(Frame);
  logic ready, tx, idle;

  // The byte on the line, for how long, and how many of the word before it.
  logic sending_q, begins;
  logic [TimeW-1:0] time_q;
  logic [7:0] byte_q;
  logic [1:0] number_q;
  logic [3:0] place;
  assign begins = valid_i && (!sending_q || time_q == TimeW'(Frame - 1));
  assign place = 4'(time_q / TimeW'(ClksPerBit));   // 0 start bit, 1 .. 8 data, 9 stop bit

  cim_uart_tx #(.ClksPerBit(ClksPerBit)) u_dut (
    .clk_i, .rst_ni, .flush_i(flush_i && Fault != 3), .valid_i(valid_i && !(Fault == 2 && sending_q && begins)),
    .ready_o(ready), .data_i(Fault == 1 ? data_i ^ 32'd1 : data_i), .tx_o(tx), .idle_o(idle)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      sending_q <= 1'b0;
    end else if (begins) begin
      sending_q <= 1'b1;
      byte_q <= data_i[8*number_q+:8];
    end else if (time_q == TimeW'(Frame - 1)) begin
      sending_q <= 1'b0;
    end
    if (!rst_ni || flush_i) number_q <= '0;   // the byte on the line ends, the rest of its word is forgotten
    else if (begins) number_q <= number_q + 2'd1;
    time_q <= begins || !sending_q ? '0 : time_q + 1'b1;
  end

  // A word waits until it is taken or forgotten.
  logic waits_q;
  logic [31:0] word_q;
  always_ff @(posedge clk_i) begin
    waits_q <= rst_ni && valid_i && !ready && !flush_i;
    word_q <= data_i;
  end

  always_comb begin
    if ($initstate) assume (!rst_ni);
    if (!$initstate && waits_q) assume (valid_i && data_i == word_q);
    if (!$initstate) begin
      Line_A : assert (tx == (!sending_q || place == 4'd9 || (place != 4'd0 && byte_q[3'(place - 4'd1)])));
      Taken_A : assert (ready == (begins && number_q == 2'd3));
      Idle_A : assert (idle == !sending_q);
    end
    SecondByte_C : cover (!$initstate && sending_q && number_q == 2'd2 && place == 4'd0);
  end
endmodule
