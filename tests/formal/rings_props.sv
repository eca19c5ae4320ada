// cim_rings: counters never leave the ring or go back, and a watched word of each ring comes out as it went in, for a host
// that keeps to the words that are its own.
module rings_props #(
  parameter int unsigned Fault = 0,  // planted: 1 a bit of a request, 2 a bit of a response, 3 counters go back
  parameter int unsigned CountW = 5,
  localparam int unsigned Words = 4,
  localparam int unsigned WordsW = 2
) (
  input logic              clk_i,
  input logic              rst_ni,
  input logic              clear_i,
  input logic              tail_we_i,
  input logic              head_we_i,
  input logic [CountW-1:0] count_i,
  input logic              request_we_i,
  input logic [WordsW-1:0] request_waddr_i,
  input logic [31:0]       request_wdata_i,
  input logic              response_re_i,
  input logic [WordsW-1:0] response_raddr_i,
  input logic              rx_ready_i,
  input logic              tx_valid_i,
  input logic [31:0]       tx_data_i,
  input logic [CountW-1:0] request_watched_i,   // counts of the words that are watched
  input logic [CountW-1:0] response_watched_i
);
  logic refused, rx_valid, tx_ready;
  logic [CountW-1:0] request_tail, request_head, response_tail, response_head;
  logic [31:0] response_rdata, rx_data;

  cim_rings #(.RequestWords(Words), .ResponseWords(Words), .CountW(CountW)) u_dut (
    .clk_i, .rst_ni, .clear_i, .tail_we_i, .head_we_i,
    .count_i(Fault == 3 ? count_i - CountW'(1) : count_i), .count_refused_o(refused), .request_tail_o(request_tail),
    .request_head_o(request_head), .response_tail_o(response_tail), .response_head_o(response_head), .request_we_i,
    .request_waddr_i, .request_be_i(4'hF), .request_wdata_i(Fault == 1 ? request_wdata_i ^ 32'd2 : request_wdata_i),
    .response_re_i, .response_raddr_i, .response_rdata_o(response_rdata), .rx_valid_o(rx_valid), .rx_ready_i,
    .rx_data_o(rx_data), .tx_valid_i, .tx_ready_o(tx_ready), .tx_data_i(Fault == 2 ? tx_data_i ^ 32'd2 : tx_data_i)
  );

  // Where the counters have to be.
  logic [CountW-1:0] tail_q, head_q, put_q, taken_q;
  logic tail_good, head_good;
  assign tail_good = count_i - tail_q <= CountW'(Words) - (tail_q - head_q);
  assign head_good = count_i - taken_q <= put_q - taken_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni || clear_i) begin
      tail_q <= '0;
      head_q <= '0;
      put_q <= '0;
      taken_q <= '0;
    end else begin
      if (tail_we_i && tail_good) tail_q <= count_i;
      if (rx_valid && rx_ready_i) head_q <= head_q + CountW'(1);
      if (tx_valid_i && tx_ready) put_q <= put_q + CountW'(1);
      if (head_we_i && head_good) taken_q <= count_i;
    end
  end

  // The watched words. The host writes no word that waits for the device, and reads only what waits for itself.
  logic [31:0] request_q, response_q;
  logic [CountW-1:0] watched_q, also_q;
  logic waits, is_request, is_response, read_q, seen_q;
  assign is_request = request_waddr_i == request_watched_i[WordsW-1:0];
  assign waits = request_watched_i - head_q < tail_q - head_q;
  assign is_response = response_raddr_i == response_watched_i[WordsW-1:0] &&
                       response_watched_i - taken_q < put_q - taken_q;
  always_ff @(posedge clk_i) begin
    watched_q <= request_watched_i;
    also_q <= response_watched_i;
    if (request_we_i && is_request) request_q <= request_wdata_i;
    seen_q <= rst_ni && (request_we_i && is_request || seen_q);
    if (tx_valid_i && tx_ready && put_q == response_watched_i) response_q <= tx_data_i;
    read_q <= rst_ni && !clear_i && response_re_i && is_response;
  end

  always_comb begin
    if ($initstate) assume (!rst_ni);
    if (!$initstate) assume (request_watched_i == watched_q && response_watched_i == also_q);
    if (waits) assume (!(request_we_i && is_request));
    if (rst_ni && tail_we_i && request_watched_i - tail_q < count_i - tail_q) assume (seen_q);
    assume (!(tail_we_i && head_we_i));
    if (!$initstate && rst_ni) begin
      Counters_A : assert (request_tail == tail_q && request_head == head_q);
      ResponseCounters_A : assert (response_tail == put_q && response_head == taken_q);
      Refused_A : assert (refused == (tail_we_i && !tail_good || head_we_i && !head_good));
      RequestsFit_A : assert (tail_q - head_q <= CountW'(Words));
      ResponsesFit_A : assert (put_q - taken_q <= CountW'(Words));
      NothingFromAnEmptyRing_A : assert (!rx_valid || head_q != tail_q);
      NothingIntoAFullRing_A : assert (!tx_ready || put_q - taken_q < CountW'(Words));
      Request_A : assert (!(rx_valid && head_q == request_watched_i) || rx_data == request_q);
      Response_A : assert (!read_q || response_rdata == response_q);
    end
    Wrapped_C : cover (!$initstate && rst_ni && rx_valid && head_q == CountW'(5) && read_q && taken_q == CountW'(5));
  end
endmodule
