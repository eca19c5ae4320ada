// Two rings in memory between a host that counts and a device that streams: requests to the device, responses from it.
module cim_rings #(
  parameter int unsigned RequestWords = 1024,   // a power of two, 4 .. 8192
  parameter int unsigned ResponseWords = 1024,  // likewise
  parameter int unsigned CountW = 32,           // bits of a counter, more than of a ring's address
  localparam int unsigned RequestW = $clog2(RequestWords),
  localparam int unsigned ResponseW = $clog2(ResponseWords)
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,
  input  logic                 clear_i,          // both rings empty, counters zero
  // Counters: words since the last clear, modulo 2^CountW.
  input  logic                 tail_we_i,        // of requests
  input  logic                 head_we_i,        // of responses
  input  logic [CountW-1:0]    count_i,
  output logic                 count_refused_o,  // the value leaves the ring or goes back: the counter keeps its own
  output logic [CountW-1:0]    request_tail_o,
  output logic [CountW-1:0]    request_head_o,
  output logic [CountW-1:0]    response_tail_o,
  output logic [CountW-1:0]    response_head_o,
  // The host's side of the memories.
  input  logic                 request_we_i,
  input  logic [RequestW-1:0]  request_waddr_i,
  input  logic [3:0]           request_be_i,
  input  logic [31:0]          request_wdata_i,
  input  logic                 response_re_i,
  input  logic [ResponseW-1:0] response_raddr_i,
  output logic [31:0]          response_rdata_o,  // one cycle after response_re_i, held until the next
  // The device's side.
  output logic                 rx_valid_o,        // request words
  input  logic                 rx_ready_i,
  output logic [31:0]          rx_data_o,
  input  logic                 tx_valid_i,        // response words
  output logic                 tx_ready_o,
  input  logic [31:0]          tx_data_i
);
  if (RequestWords < 4 || RequestWords > 8192 || (1 << RequestW) != RequestWords) begin : gen_illegal_request
    $fatal(1, "cim_rings: RequestWords must be a power of two, 4 .. 8192.");
  end
  if (CountW <= RequestW || CountW <= ResponseW || CountW > 32) begin : gen_illegal_count
    $fatal(1, "cim_rings: CountW must be more than the bits of a ring's address, at most 32.");
  end
  if (ResponseWords < 4 || ResponseWords > 8192 || (1 << ResponseW) != ResponseWords) begin : gen_illegal_response
    $fatal(1, "cim_rings: ResponseWords must be a power of two, 4 .. 8192.");
  end

  // Requests: words from fetch on are in the memory, the one before is at the output while it is valid.
  logic [CountW-1:0] tail_q, fetch_q, request_room;
  logic valid_q, fetch, tail_legal;
  assign request_tail_o = tail_q;
  assign request_head_o = fetch_q - CountW'(valid_q);
  assign request_room = request_head_o + CountW'(RequestWords) - tail_q;
  assign tail_legal = count_i - tail_q <= request_room;
  assign fetch = fetch_q != tail_q && (!valid_q || rx_ready_i);
  assign rx_valid_o = valid_q && !clear_i;

  cim_ram_be #(.Width(32), .LaneW(8), .Depth(RequestWords)) u_requests (
    .clk_i, .we_i(request_we_i), .waddr_i(request_waddr_i), .be_i(request_be_i), .wdata_i(request_wdata_i),
    .re_i(fetch), .raddr_i(fetch_q[RequestW-1:0]), .rdata_o(rx_data_o)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni || clear_i) begin
      tail_q <= '0;
      fetch_q <= '0;
      valid_q <= 1'b0;
    end else begin
      if (tail_we_i && tail_legal) tail_q <= count_i;
      if (fetch) fetch_q <= fetch_q + CountW'(1);
      if (fetch) valid_q <= 1'b1;
      else if (rx_ready_i) valid_q <= 1'b0;
    end
  end

  // Responses: the device waits while the ring is full.
  logic [CountW-1:0] put_q, taken_q, waiting;
  logic put, head_legal;
  assign response_tail_o = put_q;
  assign response_head_o = taken_q;
  assign waiting = put_q - taken_q;
  assign head_legal = count_i - taken_q <= waiting;
  assign tx_ready_o = waiting < CountW'(ResponseWords) && !clear_i;
  assign put = tx_valid_i && tx_ready_o;

  cim_ram_be #(.Width(32), .LaneW(32), .Depth(ResponseWords)) u_responses (
    .clk_i, .we_i(put), .waddr_i(put_q[ResponseW-1:0]), .be_i(1'b1), .wdata_i(tx_data_i),
    .re_i(response_re_i), .raddr_i(response_raddr_i), .rdata_o(response_rdata_o)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni || clear_i) begin
      put_q <= '0;
      taken_q <= '0;
    end else begin
      if (put) put_q <= put_q + CountW'(1);
      if (head_we_i && head_legal) taken_q <= count_i;
    end
  end

  assign count_refused_o = tail_we_i && !tail_legal || head_we_i && !head_legal;

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      RequestsFit_A : assert (tail_q - request_head_o <= CountW'(RequestWords));
      ResponsesFit_A : assert (waiting <= CountW'(ResponseWords));
    end
  end
endmodule
