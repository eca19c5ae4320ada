// Clock cycles since reset, and products, saturations and busy cycles since they were cleared.
module cim_counters #(
  parameter logic [63:0] FirstCycle = 64'd0   // cycle_o after reset
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        clear_i,        // of the last three
  input  logic        latch_i,        // holds the upper half of the cycles
  input  logic        busy_i,
  input  logic        product_i,      // a vector was multiplied
  input  logic [7:0]  sat_i,          // saturated conversions of this cycle
  output logic [63:0] cycle_o,
  output logic [31:0] cycle_high_o,   // as latched
  output logic [31:0] products_o,
  output logic [31:0] saturations_o,
  output logic [31:0] busy_cycles_o
);
  logic [63:0] cycle_q;
  logic [31:0] high_q, products_q, saturations_q, busy_q;

  assign cycle_o = cycle_q;
  assign cycle_high_o = high_q;
  assign products_o = products_q;
  assign saturations_o = saturations_q;
  assign busy_cycles_o = busy_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) cycle_q <= FirstCycle;
    else cycle_q <= cycle_q + 64'd1;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) high_q <= '0;
    else if (latch_i) high_q <= cycle_q[63:32];
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || clear_i) begin
      products_q <= '0;
      saturations_q <= '0;
      busy_q <= '0;
    end else if (busy_i || product_i || sat_i != '0) begin
      products_q <= products_q + 32'(product_i);
      saturations_q <= saturations_q + 32'(sat_i);
      busy_q <= busy_q + 32'(busy_i);
    end
  end
endmodule
