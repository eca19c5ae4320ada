// cim_link_rx: only a whole frame with a correct header CRC comes out, and it says truly what came in, for any words,
// pauses and flushes.
module link_rx_props #(
  parameter int unsigned MaxPayload = 8,
  parameter int unsigned GapBits = 3,
  parameter bit Inside = 1'b0,       // with what the block holds inside
  parameter int unsigned Fault = 0,  // planted: 1 a bit of the header, 2 the flush is lost
  localparam int unsigned IndexW = $clog2(MaxPayload)
) (
  input logic        clk_i,
  input logic        rst_ni,
  input logic        flush_i,
  input logic        word_valid_i,
  input logic [31:0] word_i,
  input logic        frame_done_i,
  input logic        count_down_i
);
  logic ready, hunting, idle, frame, payload_ok, buf_we, hcrc_error, pcrc_error;
  logic [15:0] op, length, sequence_number, session;
  logic [31:0] address, buf_data;
  logic [IndexW-1:0] buf_addr;
  logic [2:0] place_q;

  cim_link_rx #(.MaxPayload(MaxPayload), .GapBits(GapBits)) u_dut (
    .clk_i, .rst_ni, .flush_i(flush_i && Fault != 2), .word_valid_i, .word_ready_o(ready),
    .word_i(Fault == 1 && place_q == 3'd2 ? word_i ^ 32'h20 : word_i),
    .hunting_o(hunting), .idle_o(idle), .frame_valid_o(frame), .frame_done_i,
    .op_o(op), .length_o(length), .sequence_o(sequence_number), .session_o(session), .address_o(address),
    .count_down_i, .payload_ok_o(payload_ok), .buf_we_o(buf_we), .buf_addr_o(buf_addr), .buf_data_o(buf_data),
    .hcrc_error_o(hcrc_error), .pcrc_error_o(pcrc_error)
  );

  // What came: place 0 no frame, 1 to 3 header words due, 4 its CRC, 5 payload, 6 its CRC, 7 a frame is held.
  logic [95:0] header_q;
  logic [31:0] crc_q;
  logic [15:0] left_q, taken_q;
  logic [GapBits:0] pause_q;
  logic ok_q, ok, carries, taken, late, due_hcrc, due_pcrc;
  logic [2:0] place;
  always_comb begin
    taken = word_valid_i && place_q != 3'd7;
    ok = word_i == ~crc_q;
    carries = header_q[31:16] != '0 && header_q[31:16] <= 16'(MaxPayload) &&
        (header_q[15:0] == 16'(cim_spec_pkg::OpWrite) || header_q[15:0] == 16'(cim_spec_pkg::OpWriteFixed));
    late = pause_q == (GapBits+1)'((1 << GapBits) - 1);
    place = place_q;
    if (taken) begin
      case (place_q)
        3'd0: place = word_i == cim_spec_pkg::Preamble ? 3'd1 : 3'd0;
        3'd4: place = !ok ? 3'd0 : (carries ? 3'd5 : 3'd7);
        3'd5: place = left_q == 16'd1 ? 3'd6 : 3'd5;
        default: place = place_q + 3'd1;
      endcase
    end
    if (place_q == 3'd7 && frame_done_i) place = 3'd0;
    if (place_q != 3'd0 && place_q != 3'd7 && (flush_i || late)) place = 3'd0;
    due_hcrc = (taken && place_q == 3'd4 && !ok) || (late && place_q <= 3'd4);
    due_pcrc = (taken && place_q == 3'd6 && !ok) || (late && place_q > 3'd4);
  end
  always_ff @(posedge clk_i) begin
    place_q <= rst_ni ? place : 3'd0;
    pause_q <= !rst_ni || place_q == 3'd0 || place_q == 3'd7 || taken || late ? '0 : pause_q + 1'b1;
    if (taken && place_q >= 3'd1 && place_q <= 3'd3) header_q <= {word_i, header_q[95:32]};
    if (place_q == 3'd7 && count_down_i) header_q[95:64] <= header_q[95:64] - 32'd1;
    if (taken) begin
      crc_q <= place_q == 3'd0 || place_q == 3'd4 ? 32'hFFFF_FFFF : cim_crc_pkg::next_state(crc_q, word_i);
      left_q <= place_q == 3'd4 ? header_q[31:16] : left_q - 16'd1;
      taken_q <= place_q == 3'd5 ? taken_q + 16'd1 : 16'd0;
      if (place_q == 3'd4) ok_q <= 1'b1;
      if (place_q == 3'd6) ok_q <= ok;
    end
  end

  always_comb begin
    if ($initstate) assume (!rst_ni);
    if (rst_ni && (frame_done_i || count_down_i)) assume (place_q == 3'd7);
    if (!rst_ni) assume (!count_down_i);
    if (!$initstate) begin
      Frame_A : assert (frame == (place_q == 3'd7) && ready == !frame && idle == (place_q == 3'd0));
      Hunting_A : assert (hunting == (place_q == 3'd0 || place_q == 3'd7));
      Header_A : assert (!frame || {address, session, sequence_number, length, op} == header_q);
      PayloadOk_A : assert (!frame || payload_ok == ok_q);
      BufferData_A : assert (buf_we == (taken && place_q == 3'd5) && (!buf_we || buf_data == word_i));
      BufferPlace_A : assert (!buf_we || (16'(buf_addr) == taken_q && taken_q < 16'(MaxPayload)));
      Errors_A : assert (!rst_ni || (hcrc_error == due_hcrc && pcrc_error == due_pcrc));
    end
    PayloadFrame_C : cover (!$initstate && frame && payload_ok && length == 16'd2 && op == 16'd3);
    Late_C : cover (!$initstate && pcrc_error && late);
  end

  // What the block holds inside; the runner wires these to its registers.
  logic [2:0] state;
  logic [31:0] crc, inside_address;
  logic [15:0] inside_op, inside_length, inside_sequence, inside_session;
  logic [IndexW-1:0] index;
  logic [GapBits-1:0] gap;
  always_comb begin
    if (Inside && !$initstate) begin
      StateInside_A : assert (state == place_q && (!rst_ni || state == 3'd0 || state == 3'd7 || 32'(gap) == 32'(pause_q)));
      CrcInside_A : assert (place_q == 3'd0 || place_q == 3'd7 || crc == crc_q);
      HeaderInside_A : assert (
          (place_q != 3'd2 || {inside_length, inside_op} == header_q[95:64]) &&
          (place_q != 3'd3 || {inside_session, inside_sequence, inside_length, inside_op} == header_q[95:32]) &&
          (place_q < 3'd4 ||
              {inside_address, inside_session, inside_sequence, inside_length, inside_op} == header_q));
      CarriesInside_A : assert ((place_q != 3'd5 && place_q != 3'd6) || carries);
      IndexInside_A : assert (place_q != 3'd5 ||
          (16'(index) == taken_q && taken_q < header_q[31:16] && left_q == header_q[31:16] - taken_q));
    end
  end
endmodule
