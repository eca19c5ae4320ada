// The registers of the card: identity, the rings' counters, interrupt, errors. Answers in the cycle of the request.
module cim_card_regs #(
  parameter int unsigned RequestWords = 1024,
  parameter int unsigned ResponseWords = 1024
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        req_i,
  input  logic        we_i,
  input  logic [15:0] addr_i,           // offset in BAR0
  input  logic [31:0] wdata_i,
  output logic        err_o,            // no such register, or not in this direction
  output logic [31:0] rdata_o,
  // Rings.
  output logic        clear_o,          // for the link, too
  output logic        tail_we_o,
  output logic        head_we_o,
  output logic [31:0] count_o,
  input  logic        count_refused_i,
  input  logic [31:0] request_tail_i,
  input  logic [31:0] request_head_i,
  input  logic [31:0] response_tail_i,
  input  logic [31:0] response_head_i,
  // Events.
  input  logic        attention_i,
  input  logic        illegal_i,        // an access was refused elsewhere
  output logic        irq_o             // level
);
  logic [31:0] token_q;
  logic [1:0] enable_q, status, error_q, error_set, error_clear;
  logic write, known, readable, writable;

  assign status = {attention_i, response_tail_i != response_head_i};
  assign irq_o = (enable_q & status) != '0;

  always_comb begin
    readable = 1'b1;
    writable = 1'b0;
    rdata_o = '0;
    unique case (addr_i)
      cim_card_pkg::RegCardId: rdata_o = cim_card_pkg::CardIdReset;
      cim_card_pkg::RegCardVersion: rdata_o = cim_card_pkg::CardVersionReset;
      cim_card_pkg::RegRingWords: rdata_o = {19'b0, 5'($clog2(ResponseWords)), 3'b0, 5'($clog2(RequestWords))};
      cim_card_pkg::RegToken: begin
        writable = 1'b1;
        rdata_o = token_q;
      end
      cim_card_pkg::RegRequestTail: begin
        writable = 1'b1;
        rdata_o = request_tail_i;
      end
      cim_card_pkg::RegRequestHead: rdata_o = request_head_i;
      cim_card_pkg::RegResponseTail: rdata_o = response_tail_i;
      cim_card_pkg::RegResponseHead: begin
        writable = 1'b1;
        rdata_o = response_head_i;
      end
      cim_card_pkg::RegIrqEnable: begin
        writable = 1'b1;
        rdata_o = {30'b0, enable_q};
      end
      cim_card_pkg::RegIrqStatus: rdata_o = {30'b0, status};
      cim_card_pkg::RegCardCtrl: begin
        readable = 1'b0;
        writable = 1'b1;
      end
      cim_card_pkg::RegCardError: begin
        writable = 1'b1;
        rdata_o = {30'b0, error_q};
      end
      default: readable = 1'b0;
    endcase
  end

  assign known = we_i ? writable : readable;
  assign err_o = !known;
  assign write = req_i && we_i && known;

  assign clear_o = write && addr_i == cim_card_pkg::RegCardCtrl && wdata_i[cim_card_pkg::CardCtrlResetLsb];
  assign tail_we_o = write && addr_i == cim_card_pkg::RegRequestTail;
  assign head_we_o = write && addr_i == cim_card_pkg::RegResponseHead;
  assign count_o = wdata_i;

  assign error_set = {illegal_i || req_i && !known, count_refused_i};
  assign error_clear = write && addr_i == cim_card_pkg::RegCardError ? wdata_i[1:0] : '0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      token_q <= '0;
      enable_q <= '0;
      error_q <= '0;
    end else begin
      if (clear_o) token_q <= '0;
      else if (write && addr_i == cim_card_pkg::RegToken) token_q <= wdata_i;
      if (write && addr_i == cim_card_pkg::RegIrqEnable) enable_q <= wdata_i[1:0];
      error_q <= error_q & ~error_clear | error_set;
    end
  end
endmodule
