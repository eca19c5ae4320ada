// Sends kept responses: preamble, header and its CRC, payload and its CRC; one word a cycle.
module cim_link_tx #(
  parameter int unsigned Kept = 2,
  parameter int unsigned MaxPayload = 32,
  localparam int unsigned SlotW = $clog2(Kept + 1),
  localparam int unsigned OffsetW = $clog2(MaxPayload + 3)
) (
  input  logic                     clk_i,
  input  logic                     rst_ni,
  input  logic                     flush_i,       // forgets the response being sent
  output logic                     idle_o,
  input  logic                     slot_valid_i,
  input  logic [SlotW-1:0]         slot_i,
  output logic                     sent_o,
  output logic                     kept_re_o,     // one cycle to the data
  output logic [SlotW+OffsetW-1:0] kept_addr_o,
  input  logic [31:0]              kept_data_i,
  output logic                     word_valid_o,
  input  logic                     word_ready_i,
  output logic [31:0]              word_o
);
  typedef enum logic [2:0] {Idle, Start, Head1, Head2, Head3, HeadCrc, Payload, PayloadCrc} state_e;
  state_e state_q, state_d;
  logic [31:0] crc_q;
  logic [OffsetW-1:0] left_q;     // words of the payload still to send, up to MaxPayload
  logic [OffsetW-1:0] offset_q;   // of the next word to read
  logic take, from_memory;

  assign idle_o = state_q == Idle && !slot_valid_i;
  assign word_valid_o = state_q != Idle;
  assign take = word_valid_o && word_ready_i;
  assign from_memory = state_q == Head1 || state_q == Head2 || state_q == Head3 || state_q == Payload;
  // A word is fetched while the one before it leaves.
  assign kept_re_o = take && state_q != Head3;
  assign kept_addr_o = {slot_i, offset_q};
  assign sent_o = take && state_d == Idle && !flush_i;

  always_comb begin
    state_d = state_q;
    word_o = kept_data_i;
    unique case (state_q)
      Idle: if (slot_valid_i) state_d = Start;
      Start: begin
        word_o = cim_spec_pkg::Preamble;
        state_d = Head1;
      end
      Head1: state_d = Head2;
      Head2: state_d = Head3;
      Head3: state_d = HeadCrc;
      HeadCrc: begin
        word_o = ~crc_q;
        state_d = left_q == '0 ? Idle : Payload;
      end
      Payload: if (left_q == OffsetW'(1'b1)) state_d = PayloadCrc;
      default: begin
        word_o = ~crc_q;
        state_d = Idle;
      end
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) state_q <= Idle;
    else if (take || state_q == Idle) state_q <= state_d;
  end

  always_ff @(posedge clk_i) begin
    if (state_q == Idle) begin
      offset_q <= {{(OffsetW-2){1'b1}}, 2'b01};  // the header stands in the slot's last three words
    end else if (take) begin
      if (kept_re_o) offset_q <= offset_q + 1'b1;  // and the payload, wrapped around, from 0
      if (state_q == Head1) left_q <= kept_data_i[16+:OffsetW];
      else if (state_q == Payload) left_q <= left_q - 1'b1;
      crc_q <= from_memory ? cim_crc_pkg::next_state(crc_q, kept_data_i) : cim_crc_pkg::Init;
    end
  end
endmodule
