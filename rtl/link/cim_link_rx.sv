// Receives one frame: checks the header, puts the payload into a buffer, and holds the frame until it is done.
// A header with a wrong CRC is dropped; so is a frame that pauses for 2^GapBits cycles.
module cim_link_rx #(
  parameter int unsigned MaxPayload = 32,  // words
  parameter int unsigned GapBits = 20,
  localparam int unsigned IndexW = $clog2(MaxPayload < 2 ? 2 : MaxPayload)
) (
  input  logic              clk_i,
  input  logic              rst_ni,
  input  logic              flush_i,        // drops a partly received frame
  input  logic              word_valid_i,
  output logic              word_ready_o,
  input  logic [31:0]       word_i,
  output logic              hunting_o,      // the next word should be a preamble
  output logic              idle_o,
  // Frame.
  output logic              frame_valid_o,
  input  logic              frame_done_i,
  output logic [15:0]       op_o,           // the upper byte must be zero
  output logic [15:0]       length_o,       // words
  output logic [15:0]       sequence_o,
  output logic [15:0]       session_o,
  output logic [31:0]       address_o,
  input  logic              count_down_i,   // address_o counts down: the deadline of a wait
  output logic              payload_ok_o,
  // Payload buffer.
  output logic              buf_we_o,
  output logic [IndexW-1:0] buf_addr_o,
  output logic [31:0]       buf_data_o,
  // Events, one cycle each.
  output logic              hcrc_error_o,
  output logic              pcrc_error_o
);
  typedef enum logic [2:0] {Hunt, Head1, Head2, Head3, HeadCrc, Payload, PayloadCrc, Frame} state_e;
  state_e state_q;
  logic [15:0] op_q, length_q, sequence_q, session_q;
  logic [31:0] address_q, crc_q;
  logic [IndexW-1:0] index_q;
  logic [GapBits-1:0] gap_q;
  logic payload_ok_q, take, in_frame, crc_good, late, has_payload;

  assign in_frame = state_q != Hunt && state_q != Frame;
  assign word_ready_o = state_q != Frame;
  assign take = word_valid_i && word_ready_o;
  assign hunting_o = !in_frame;
  assign idle_o = state_q == Hunt;
  assign crc_good = word_i == ~crc_q;
  assign late = gap_q == '1;
  assign has_payload = length_q != '0 && 32'(length_q) <= MaxPayload &&
      (op_q == 16'(cim_spec_pkg::OpWrite) || op_q == 16'(cim_spec_pkg::OpWriteFixed));

  assign frame_valid_o = state_q == Frame;
  assign op_o = op_q;
  assign length_o = length_q;
  assign sequence_o = sequence_q;
  assign session_o = session_q;
  assign address_o = address_q;
  assign payload_ok_o = payload_ok_q;
  assign buf_we_o = take && state_q == Payload;
  assign buf_addr_o = index_q;
  assign buf_data_o = word_i;

  logic in_payload;
  assign in_payload = state_q == Payload || state_q == PayloadCrc;
  assign hcrc_error_o = (take && state_q == HeadCrc && !crc_good) || (late && !in_payload);
  assign pcrc_error_o = (take && state_q == PayloadCrc && !crc_good) || (late && in_payload);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) gap_q <= '0;
    else if (in_frame) gap_q <= take || late ? '0 : gap_q + 1'b1;
    else if (gap_q != '0) gap_q <= '0;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= Hunt;
    end else if (in_frame && (flush_i || late)) begin
      state_q <= Hunt;
    end else if (take) begin
      unique case (state_q)
        Hunt: if (word_i == cim_spec_pkg::Preamble) state_q <= Head1;
        Head1: state_q <= Head2;
        Head2: state_q <= Head3;
        Head3: state_q <= HeadCrc;
        HeadCrc: state_q <= !crc_good ? Hunt : (has_payload ? Payload : Frame);
        Payload: if (32'(index_q) + 32'd1 == 32'(length_q)) state_q <= PayloadCrc;
        default: state_q <= Frame;
      endcase
    end else if (frame_done_i) begin
      state_q <= Hunt;
    end
  end

  always_ff @(posedge clk_i) begin
    if (take) begin
      crc_q <= state_q == Hunt || state_q == HeadCrc ? cim_crc_pkg::Init
          : cim_crc_pkg::next_state(crc_q, word_i);
      index_q <= state_q == Payload ? index_q + 1'b1 : '0;
      if (state_q == HeadCrc) payload_ok_q <= 1'b1;
      if (state_q == PayloadCrc) payload_ok_q <= crc_good;
      if (state_q == Head1) {length_q, op_q} <= word_i;
      if (state_q == Head2) {session_q, sequence_q} <= word_i;
    end
  end

  always_ff @(posedge clk_i) begin
    if (take && state_q == Head3) address_q <= word_i;
    else if (count_down_i) address_q <= address_q - 32'd1;
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && frame_done_i) DoneOnlyWithAFrame_A : assert (frame_valid_o);
  end
endmodule
