// Session and sequence numbers: says what a frame is, and counts what was executed.
module cim_link_session #(
  parameter int unsigned Kept = 2  // responses kept, a power of two, 2 .. 128
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        sync_i,        // the frame at hand starts a session
  input  logic        executed_i,    // the frame at hand used up its number
  input  logic [15:0] sequence_i,
  input  logic [15:0] session_i,
  output logic        current_o,     // of the current session
  output logic        expected_o,    // has the expected number
  output logic        kept_o,        // its response is kept
  output logic [15:0] session_o,
  output logic [15:0] sequence_o     // expected
);
  localparam int unsigned CountW = $clog2(Kept + 1);
  logic open_q;
  logic [15:0] session_q, expected_q, age;
  logic [CountW-1:0] count_q;

  assign age = expected_q - sequence_i - 16'd1;
  assign current_o = open_q && session_i == session_q;
  assign expected_o = sequence_i == expected_q;
  assign kept_o = age < 16'(count_q);
  assign session_o = session_q;
  assign sequence_o = expected_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      open_q <= 1'b0;
      session_q <= '0;
      expected_q <= '0;
      count_q <= '0;
    end else if (sync_i) begin
      open_q <= 1'b1;
      session_q <= session_i;
      expected_q <= sequence_i + 16'd1;
      count_q <= '0;
    end else if (executed_i) begin
      expected_q <= expected_q + 16'd1;
      if (count_q != CountW'(Kept)) count_q <= count_q + 1'b1;
    end
  end
endmodule
