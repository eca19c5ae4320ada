// cim_fabric between any link in contract and masters that ask whenever they like: a frame is never divided, one is served at a
// time, every answer goes to who asked, and nobody waits for longer than a bound.
module fabric_props #(
  parameter int unsigned Masters = 2,
  parameter int unsigned MaxLock = 3,   // cycles of a frame on the bus
  parameter int unsigned MinGap = 3,    // cycles between two frames
  parameter int unsigned Fault = 0      // planted: 1 a lock comes late, 2 masters are confused, 3 no turns, 4 no begin of a word
) (
  input logic                  clk_i,
  input logic                  rst_ni,
  input logic                  lock_i,
  input logic                  begin_i,
  input logic                  req_i,
  input logic                  check_i,
  input logic [Masters-1:0]    ask_i,
  input logic [Masters-1:0]    we_i,
  input logic [3:0]            status_i
);
  // A wait: for every master a frame, the gap behind it, and two cycles by which a gap can be missed.
  localparam int unsigned Bound = Masters * (MaxLock + MinGap + 2);
  localparam int unsigned WaitW = 7;

  // Masters: what they ask for stays until it is answered; their names are their addresses.
  logic [Masters-1:0] valid_q, valid, ready, we_q;
  logic [32*Masters-1:0] addr;
  assign valid = valid_q;
  always_comb begin
    for (int unsigned i = 0; i < Masters; i++) addr[32*i+:32] = 32'h8000_0000 + i;
  end
  always_ff @(posedge clk_i) begin
    valid_q <= rst_ni ? (valid_q & ~ready) | (ask_i & ~valid_q) : '0;
    for (int unsigned i = 0; i < Masters; i++) if (!valid_q[i]) we_q[i] <= we_i[i];
  end

  logic link_rsp, dut_begin, bus_begin, bus_req, bus_check, bus_we, rsp;
  logic [3:0] link_status, status;
  logic [31:0] link_rdata, rdata, bus_addr, bus_wdata;
  logic lock_q;
  always_ff @(posedge clk_i) lock_q <= rst_ni && lock_i;

  // The bus answers two cycles later, with whom it was asked by as the word.
  logic first_q, second_q;
  logic [31:0] word_q, word2_q;
  always_ff @(posedge clk_i) begin
    first_q <= rst_ni && bus_req;
    second_q <= rst_ni && first_q;
    word_q <= bus_addr;
    word2_q <= word_q;
  end
  assign rsp = second_q;

  cim_fabric #(.Masters(Masters)) u_dut (
    .clk_i, .rst_ni, .lock_i(Fault == 1 ? lock_q && lock_i : lock_i), .link_begin_i(begin_i), .link_req_i(req_i),
    .link_check_i(check_i), .link_we_i(1'b0), .link_addr_i(32'h7), .link_wdata_i(32'd0),
    .link_rsp_o(link_rsp), .link_status_o(link_status), .link_rdata_o(link_rdata),
    .valid_i(Fault == 3 ? valid & (valid[0] ? Masters'(1) : '1) : valid), .we_i(we_q), .addr_i(Fault == 2 ? {addr[0+:32], addr[32*Masters-1:32]} : addr), .wdata_i(addr),
    .ready_o(ready), .status_o(status), .rdata_o(rdata),
    .begin_o(dut_begin), .req_o(bus_req), .check_o(bus_check), .we_o(bus_we), .addr_o(bus_addr), .wdata_o(bus_wdata),
    .rsp_i(rsp), .rsp_status_i(status_i), .rsp_rdata_i(word2_q)
  );
  assign bus_begin = dut_begin && (Fault != 4 || begin_i);
  logic mine, begin_q;
  always_ff @(posedge clk_i) begin_q <= rst_ni && bus_begin;
  assign mine = bus_req && bus_addr[31];

  // The link: it asks under its lock, its answers have come when the lock falls, frames are short and apart.
  logic [3:0] locked_q, apart_q;
  logic [1:0] link_open_q;
  always_ff @(posedge clk_i) begin
    locked_q <= !rst_ni || !lock_i ? '0 : locked_q + 4'd1;
    apart_q <= !rst_ni ? MinGap[3:0] : (lock_i ? '0 : (apart_q == 4'd15 ? apart_q : apart_q + 4'd1));
    link_open_q <= rst_ni ? {link_open_q[0], req_i} : '0;
  end

  // How long each master has waited, what has been asked for it, and whether an answer is not its own.
  logic [WaitW*Masters-1:0] waited_q;
  logic [Masters-1:0] served_q, asked, late, foreign;
  always_comb begin
    for (int unsigned i = 0; i < Masters; i++) begin
      asked[i] = mine && bus_addr == addr[32*i+:32];
      late[i] = 32'(waited_q[WaitW*i+:WaitW]) > Bound;
      foreign[i] = ready[i] && !(served_q[i] && rsp && rdata == addr[32*i+:32] && status == status_i);
    end
  end
  always_ff @(posedge clk_i) begin
    for (int unsigned i = 0; i < Masters; i++) begin
      waited_q[WaitW*i+:WaitW] <= !rst_ni || !valid[i] || ready[i] ? '0 : waited_q[WaitW*i+:WaitW] + 1'b1;
      served_q[i] <= rst_ni && !ready[i] && (served_q[i] || asked[i]);
    end
  end

  always_comb begin
    if ($initstate) assume (!rst_ni);
    if (rst_ni) begin
      if (begin_i || req_i) assume (lock_i);
      if (link_open_q != '0) assume (lock_i);
      if (lock_i && !lock_q) assume (apart_q >= MinGap[3:0]);
      if (lock_i) assume (locked_q < MaxLock[3:0]);
    end else begin
      assume (!lock_i && !begin_i && !req_i);
    end
    if (!$initstate && rst_ni) begin
      // Mutual exclusion: a frame has the bus to itself, and one single word is on it at a time.
      FrameIsWhole_A : assert (!(lock_i && mine) && !(lock_i && bus_begin && !begin_i));
      OneAtATime_A : assert (!mine || ((served_q & ~ready) == '0));
      LinkPasses_A : assert (!req_i || (bus_req && bus_addr == 32'h7 && bus_check == check_i));
      BeginsFirst_A : assert (!mine || begin_q);
      // No lost and no invented request: a word is asked once, as its master has it, and its answer is its own.
      AskedOnce_A : assert ((asked & served_q) == '0 && (asked & ~valid) == '0 && (!mine || asked != '0));
      AsItsMasterHasIt_A : assert (asked == '0 || (bus_we == ((we_q & asked) != '0) && bus_wdata == bus_addr && !bus_check));
      OwnAnswer_A : assert (foreign == '0);
      BoundedWait_A : assert (late == '0);
      LinksAnswer_A : assert (link_rsp == (rsp && word2_q == 32'h7));
      if (link_rsp) LinkSees_A : assert (link_rdata == 32'h7 && link_status == status_i);
    end
    Served_C : cover (rst_ni && !$initstate && ready[Masters-1] && lock_i);
  end
endmodule
