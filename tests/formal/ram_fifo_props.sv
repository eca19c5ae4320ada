// cim_ram_fifo against a queue that shifts: Depth entries in memory and one at the output, any traffic.
module ram_fifo_props #(
  parameter int unsigned Width = 4,
  parameter int unsigned Depth = 4,
  parameter bit Inside = 1'b0,       // with what the block holds inside
  parameter int unsigned Fault = 0   // planted: 1 a bit of the data, 2 a pop is lost, 3 a flush is lost
) (
  input logic             clk_i,
  input logic             rst_ni,
  input logic             flush_i,
  input logic             push_i,
  input logic [Width-1:0] data_i,
  input logic             pop_i
);
  localparam int unsigned AddrW = $clog2(Depth);
  localparam int unsigned CountW = AddrW + 1;
  logic full, valid, empty;
  logic [Width-1:0] data;

  cim_ram_fifo #(.Width(Width), .Depth(Depth)) u_dut (
    .clk_i, .rst_ni, .flush_i(flush_i && Fault != 3), .push_i,
    .data_i(Fault == 1 ? data_i ^ Width'(1) : data_i),
    .full_o(full), .valid_o(valid), .data_o(data), .pop_i(pop_i && Fault != 2), .empty_o(empty)
  );

  // The queue: entry 0 is the oldest. One that was there a cycle ago, and was not taken, is at the output now.
  logic [(Depth+1)*Width-1:0] queue_q, queue;
  logic [CountW-1:0] count_q, left, count;
  logic shown_q;
  always_comb begin
    queue = pop_i ? queue_q >> Width : queue_q;
    left = count_q - CountW'(pop_i);
    count = left;
    if (push_i && !full) begin
      queue[32'(left)*Width+:Width] = data_i;
      count = left + 1'b1;
    end
  end
  always_ff @(posedge clk_i) begin
    queue_q <= queue;
    count_q <= !rst_ni || flush_i ? '0 : count;
    shown_q <= rst_ni && !flush_i && left != '0;
  end

  always_comb begin
    if ($initstate) assume (!rst_ni);
    if (rst_ni && pop_i) assume (shown_q);
    if (!$initstate) begin
      Valid_A : assert (valid == shown_q);
      Empty_A : assert (empty == (count_q == '0));
      Full_A : assert (full == (count_q - CountW'(shown_q) == CountW'(Depth)));
      Order_A : assert (!shown_q || data == queue_q[Width-1:0]);
    end
    Full_C : cover (!$initstate && full && valid && data == '1);
  end

  // Where the block keeps what the queue holds; the runner wires these to its registers.
  logic [CountW-1:0] head, tail;
  logic [Depth*Width-1:0] entries;
  logic write, fetch;
  always_comb begin
    if (Inside && !$initstate) begin
      CountInside_A : assert (tail - head == count_q - CountW'(shown_q) && tail - head <= CountW'(Depth));
      NeverReadsWhatItWrites_A : assert (!(write && fetch && head[AddrW-1:0] == tail[AddrW-1:0]));
      for (int unsigned i = 0; i < Depth; i++) begin
        assert (i >= 32'(CountW'(tail - head)) ||
            entries[32'(AddrW'(head + CountW'(i)))*Width+:Width] == queue_q[(i+32'(shown_q))*Width+:Width]);
      end
    end
  end
endmodule
