// cim_link_tx against the number of words that have left: preamble, header and its CRC, payload and its CRC, each once and in
// order, read from the places of the slot where they stand. A shorter function stands in for the CRC.
module link_tx_props #(
  parameter int unsigned Kept = 2,
  parameter int unsigned MaxPayload = 8,
  parameter int unsigned Fault = 0,  // planted: 1 a bit of a stored word, 2 a word is taken twice, 3 a flush is lost
  localparam int unsigned SlotW = $clog2(Kept + 1),
  localparam int unsigned OffsetW = $clog2(MaxPayload + 3)
) (
  input logic             clk_i,
  input logic             rst_ni,
  input logic             flush_i,
  input logic             slot_valid_i,
  input logic [SlotW-1:0] slot_i,
  input logic [31:0]      stored_i,     // what the memory holds at the address being read
  input logic             ready_i
);
  logic idle, sent, read, valid;
  logic [SlotW+OffsetW-1:0] address, held_q;   // held: where the word at the memory's output stands
  logic [31:0] data_q, word;

  cim_link_tx #(.Kept(Kept), .MaxPayload(MaxPayload)) u_dut (
    .clk_i, .rst_ni, .flush_i(flush_i && Fault != 3), .idle_o(idle), .slot_valid_i, .slot_i, .sent_o(sent),
    .kept_re_o(read), .kept_addr_o(address), .kept_data_i(Fault == 1 ? data_q ^ 32'd1 : data_q),
    .word_valid_o(valid), .word_ready_i(ready_i && !(Fault == 2 && number_q == 16'd2 && !skipped_q)), .word_o(word)
  );

  always_ff @(posedge clk_i) begin
    if (read) begin
      held_q <= address;
      data_q <= stored_i;
    end
  end

  // Words that have left: 0 preamble, 1 to 3 header, 4 its CRC, then the payload and its CRC.
  logic sending_q, skipped_q, last, waits_q;
  logic [15:0] number_q, length_q, words;
  logic [31:0] crc_q, expected;
  logic [SlotW-1:0] slot_q;
  logic [OffsetW-1:0] place;
  logic stands, is_crc;
  assign words = length_q == '0 ? 16'd5 : length_q + 16'd6;
  assign is_crc = number_q == 16'd4 || number_q == words - 16'd1;
  assign last = number_q >= 16'd4 && number_q == words - 16'd1;
  always_comb begin
    place = number_q < 16'd4 ? OffsetW'(number_q) - OffsetW'(3'd4) : OffsetW'(number_q - 16'd5);
    expected = number_q == '0 ? cim_spec_pkg::Preamble : is_crc && number_q >= 16'd4 ? ~crc_q : data_q;
    stands = number_q == '0 || (is_crc && number_q >= 16'd4) || held_q == {slot_i, place};
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) begin
      sending_q <= 1'b0;
    end else if (!sending_q) begin
      sending_q <= slot_valid_i;
    end else if (ready_i && last) begin
      sending_q <= 1'b0;
    end
    if (!sending_q) begin
      number_q <= '0;
      skipped_q <= 1'b0;
    end else if (ready_i) begin
      number_q <= number_q + 16'd1;
      if (number_q == 16'd1) length_q <= data_q[31:16];
      crc_q <= number_q == '0 || number_q == 16'd4 ? cim_crc_pkg::Init : cim_crc_pkg::next_state(crc_q, data_q);
      skipped_q <= skipped_q || number_q == 16'd2;
    end
    waits_q <= rst_ni && slot_valid_i && !sent && !flush_i;
    slot_q <= slot_i;
  end

  always_comb begin
    if ($initstate) assume (!rst_ni);
    if (!$initstate && waits_q) assume (slot_valid_i && slot_i == slot_q);
    if (!$initstate && sending_q && number_q == 16'd1) assume (32'(data_q[31:16]) <= MaxPayload);
    if (!$initstate) begin
      Valid_A : assert (valid == sending_q);
      Idle_A : assert (idle == (!sending_q && !slot_valid_i));
      if (sending_q) begin
        Word_A : assert (word == expected);
        Place_A : assert (stands);
      end
      Sent_A : assert (sent == (sending_q && ready_i && last && !flush_i));
    end
    Payload_C : cover (!$initstate && sent && length_q == 16'd2);
    HeaderAlone_C : cover (!$initstate && sent && length_q == '0);
  end
endmodule
