// cim_fifo against a queue that shifts, under any traffic that keeps the contract.
module fifo_props #(
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
  localparam int unsigned CountW = $clog2(Depth) + 1;
  logic full, valid;
  logic [Width-1:0] data;

  cim_fifo #(.Width(Width), .Depth(Depth)) u_dut (
    .clk_i, .rst_ni, .flush_i(flush_i && Fault != 3), .push_i,
    .data_i(Fault == 1 ? data_i ^ Width'(1) : data_i),
    .full_o(full), .valid_o(valid), .data_o(data), .pop_i(pop_i && Fault != 2)
  );

  // The queue: entry 0 is the oldest.
  logic [Depth*Width-1:0] queue_q, queue;
  logic [CountW-1:0] count_q, count;
  always_comb begin
    queue = pop_i ? queue_q >> Width : queue_q;
    count = count_q - CountW'(pop_i);
    if (push_i) begin
      queue[32'(count[CountW-2:0])*Width+:Width] = data_i;
      count = count + 1'b1;
    end
  end
  always_ff @(posedge clk_i) begin
    queue_q <= queue;
    count_q <= !rst_ni || flush_i ? '0 : count;
  end

  always_comb begin
    if ($initstate) assume (!rst_ni);
    if (rst_ni && push_i) assume (count_q != CountW'(Depth));
    if (rst_ni && pop_i) assume (count_q != '0);
    if (!$initstate) begin
      Valid_A : assert (valid == (count_q != '0));
      Full_A : assert (full == (count_q == CountW'(Depth)));
      Order_A : assert (count_q == '0 || data == queue_q[Width-1:0]);
    end
    Full_C : cover (!$initstate && count_q == CountW'(Depth) && data == '1);
  end

  // Where the block keeps what the queue holds; the runner wires these to its registers.
  logic [CountW-1:0] head, tail;
  logic [Depth*Width-1:0] entries;
  always_comb begin
    if (Inside && !$initstate) begin
      CountInside_A : assert (tail - head == count_q && count_q <= CountW'(Depth));
      for (int unsigned i = 0; i < Depth; i++) begin
        assert (i >= 32'(count_q) ||
            entries[32'((CountW-1)'(head + CountW'(i)))*Width+:Width] == queue_q[i*Width+:Width]);
      end
    end
  end
endmodule
