// Arbiter of the bus: the link's frames, each whole, and between them single words of other masters, in turn.
// The link never waits: it says by its lock when a frame uses the bus. A single word is a frame of its own.
module cim_fabric #(
  parameter int unsigned Masters = 1        // of single words, 1 .. 8
) (
  input  logic                  clk_i,
  input  logic                  rst_ni,
  // The link.
  input  logic                  lock_i,         // from the begin of a frame's first pass to the end of its last
  input  logic                  link_begin_i,
  input  logic                  link_req_i,
  input  logic                  link_check_i,
  input  logic                  link_we_i,
  input  logic [31:0]           link_addr_i,
  input  logic [31:0]           link_wdata_i,
  output logic                  link_rsp_o,
  output logic [3:0]            link_status_o,
  output logic [31:0]           link_rdata_o,
  // Masters of single words: valid and the values stay until ready, which comes with the answer.
  input  logic [Masters-1:0]    valid_i,
  input  logic [Masters-1:0]    we_i,
  input  logic [32*Masters-1:0] addr_i,
  input  logic [32*Masters-1:0] wdata_i,
  output logic [Masters-1:0]    ready_o,
  output logic [3:0]            status_o,
  output logic [31:0]           rdata_o,
  // Bus.
  output logic                  begin_o,
  output logic                  req_o,
  output logic                  check_o,
  output logic                  we_o,
  output logic [31:0]           addr_o,
  output logic [31:0]           wdata_o,
  input  logic                  rsp_i,          // two cycles after the request
  input  logic [3:0]            rsp_status_i,
  input  logic [31:0]           rsp_rdata_i
);
  if (Masters < 1 || Masters > 8) begin : gen_illegal_masters
    $fatal(1, "cim_fabric: Masters must be 1 .. 8.");
  end

  typedef enum logic [1:0] {Idle, Ask, Answer, Last} state_e;
  state_e state_q, state_d;

  // One bit a master: who has its turn, and who comes before the others in the next choice.
  logic [Masters-1:0] turn_q, later_q, waiting, first;
  logic take, ask;

  assign waiting = (valid_i & later_q) != '0 ? valid_i & later_q : valid_i;
  assign first = waiting & (~waiting + 1'b1);
  assign take = state_q == Idle && valid_i != '0 && !lock_i;
  assign ask = state_q == Ask && !lock_i;

  always_comb begin
    state_d = state_q;
    unique case (state_q)
      Idle: if (take) state_d = Ask;
      Ask: state_d = lock_i ? Idle : Answer;  // a frame came between: its begin is the last one
      Answer: state_d = Last;
      default: state_d = Idle;                // Last: the answer is there
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) state_q <= Idle;
    else state_q <= state_d;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      turn_q <= '0;
      later_q <= '0;
    end else begin
      if (take) turn_q <= first;
      if (ask) later_q <= ~(turn_q | (turn_q - 1'b1));
    end
  end

  logic [31:0] addr, wdata;
  always_comb begin
    addr = '0;
    wdata = '0;
    for (int unsigned i = 0; i < Masters; i++) begin
      addr = addr | (addr_i[32*i+:32] & {32{turn_q[i]}});
      wdata = wdata | (wdata_i[32*i+:32] & {32{turn_q[i]}});
    end
  end

  assign begin_o = link_begin_i || take;
  assign req_o = link_req_i || ask;
  assign check_o = link_check_i && !ask;
  assign we_o = ask ? (we_i & turn_q) != '0 : link_we_i;
  assign addr_o = ask ? addr : link_addr_i;
  assign wdata_o = ask ? wdata : link_wdata_i;

  assign link_rsp_o = rsp_i && state_q != Last;
  assign link_status_o = rsp_status_i;
  assign link_rdata_o = rsp_rdata_i;
  assign ready_o = state_q == Last ? turn_q : '0;
  assign status_o = rsp_status_i;
  assign rdata_o = rsp_rdata_i;

  // What the masters and the bus promise.
  logic [Masters-1:0] valid_q;
  always_ff @(posedge clk_i) valid_q <= rst_ni ? valid_i & ~ready_o : '0;
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      if (link_begin_i || link_req_i) LinkAsksUnderItsLock_A : assert (lock_i);
      ValidStaysUntilReady_A : assert ((valid_q & ~valid_i) == '0);
      if (state_q == Last) AnswerComesInTwoCycles_A : assert (rsp_i);
    end
  end
endmodule
