// cim_uart_rx behind a sender whose edges come up to Jitter cycles early or late: a byte comes out once, with what was sent; one
// whose stop bit is low is reported and dropped; nothing else comes out.
module uart_rx_props #(
  parameter int unsigned ClksPerBit = 4,
  parameter int unsigned Jitter = 0,
  parameter int unsigned Fault = 0   // planted: 1 the stop bit is inverted, 2 the last data bit is
) (
  input logic       clk_i,
  input logic       rst_ni,
  input logic       line_i,    // what the sender makes of its freedom
  input logic       begin_i,
  input logic [7:0] byte_i,
  input logic       stop_i     // the stop bit as it should be
);
  localparam int unsigned Frame = 10 * ClksPerBit;
  localparam int unsigned TimeW = $clog2(Frame + ClksPerBit);
  localparam int unsigned Late = 3;         // cycles from the line to the output, beyond the stop bit's sample
  logic valid, error, idle;
  logic [7:0] data;

  // The sender: a frame, then at least a bit's time of rest where the stop bit was low.
  logic sending_q, stop_q, begins;
  logic [TimeW-1:0] time_q, length;
  logic [7:0] byte_q;
  assign length = stop_q ? TimeW'(Frame) : TimeW'(Frame + ClksPerBit);
  assign begins = begin_i && (!sending_q || time_q == length - 1'b1);

  function bit_at(input [3:0] place, input [7:0] value, input stop);
    bit_at = place == 4'd0 ? 1'b0 : place < 4'd9 ? value[3'(place - 4'd1)] : place == 4'd9 ? stop : 1'b1;
  endfunction

  // What the line may be now: this bit or, near an edge, the neighbour.
  logic [3:0] place;
  logic [TimeW-1:0] into;
  logic now, before, next, may_low, may_high;
  always_comb begin
    place = 4'(time_q / TimeW'(ClksPerBit));
    into = time_q % TimeW'(ClksPerBit);
    now = !sending_q || bit_at(place, byte_q, stop_q);
    before = now;
    next = now;
    if (sending_q && 32'(into) < Jitter) before = place == 4'd0 || bit_at(place - 4'd1, byte_q, stop_q);
    if (sending_q && 32'(into) >= ClksPerBit - Jitter) next = bit_at(place + 4'd1, byte_q, stop_q);
    may_low = !(now && before && next);
    may_high = now || before || next;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      sending_q <= 1'b0;
    end else if (begins) begin
      sending_q <= 1'b1;
      byte_q <= byte_i;
      stop_q <= stop_i;
    end else if (time_q == length - 1'b1) begin
      sending_q <= 1'b0;
    end
    time_q <= begins || !sending_q || time_q == length - 1'b1 ? '0 : time_q + 1'b1;
  end

  cim_uart_rx #(.ClksPerBit(ClksPerBit)) u_dut (
    .clk_i, .rst_ni,
    .rx_i(line_i ^ (sending_q && ((Fault == 1 && place == 4'd9) || (Fault == 2 && place == 4'd8)))),
    .valid_o(valid), .data_o(data), .frame_error_o(error), .idle_o(idle)
  );

  // What is owed: from the stop bit's begin on, until it comes.
  logic due_q, due_stop_q, reported_q;
  logic [7:0] due_byte_q;
  logic falls_due, too_late;
  assign falls_due = sending_q && 32'(time_q) == 9 * ClksPerBit;
  assign too_late = !sending_q || (32'(time_q) >= Late && 32'(time_q) < 9 * ClksPerBit);
  logic [1:0] rest_q;   // cycles since the sender rests
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      due_q <= 1'b0;
      reported_q <= 1'b0;
      rest_q <= '0;
    end else begin
      if (falls_due) begin
        due_q <= 1'b1;
        due_byte_q <= byte_q;
        due_stop_q <= stop_q;
        reported_q <= 1'b0;
      end else if (valid || error) begin
        due_q <= 1'b0;
        reported_q <= error;
      end
      rest_q <= sending_q ? '0 : rest_q == 2'd3 ? 2'd3 : rest_q + 2'd1;
    end
  end

  always_comb begin
    if ($initstate) assume (!rst_ni);
    if (!line_i) assume (may_low || !rst_ni);
    if (line_i) assume (may_high || !rst_ni);
    if (!rst_ni) assume (line_i);
    if (!$initstate) begin
      OnlyWhatWasSent_A : assert (!valid || (due_q && due_stop_q && data == due_byte_q));
      OnlyWhatIsBroken_A : assert (!error || (due_q && !due_stop_q) || reported_q);
      NothingIsLost_A : assert (!(due_q && too_late && (sending_q || 32'(rest_q) >= Late)));
      IdleIsQuiet_A : assert (!idle || (!valid && line_i));
    end
  end
endmodule
