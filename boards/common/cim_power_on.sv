// Reset of a part whose registers start as configured: low for 16 clocks after configuration and whenever asked for.
module cim_power_on (
  input  logic clk_i,
  input  logic request_ni,   // asynchronous, as a button
  output logic rst_no        // synchronous
);
  logic [1:0] sync_q = 2'b00;
  logic [3:0] count_q = 4'd0;

  assign rst_no = &count_q;

  always_ff @(posedge clk_i) begin
    sync_q <= {sync_q[0], request_ni};
    if (!sync_q[1]) count_q <= 4'd0;
    else if (!rst_no) count_q <= count_q + 4'd1;
  end
endmodule
