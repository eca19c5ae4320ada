// ERROR and ERROR_ADDR: sticky bits, and the address of the first refused word since they were all zero.
module cim_errors (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic [10:0] set_i,         // one bit an event, in the order of the register
  input  logic        refused_i,     // a word was refused: addr_i is its address
  input  logic [31:0] addr_i,
  input  logic        clear_we_i,    // write one to clear
  input  logic [10:0] clear_i,
  output logic [10:0] error_o,
  output logic [31:0] error_addr_o,
  output logic        any_o
);
  logic [10:0] error_q;
  logic [31:0] addr_q;
  logic taken_q;

  assign error_o = error_q;
  assign error_addr_o = addr_q;
  assign any_o = error_q != '0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) error_q <= '0;
    else if (clear_we_i || set_i != '0) error_q <= (error_q & ~(clear_we_i ? clear_i : '0)) | set_i;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      taken_q <= 1'b0;
      addr_q <= '0;
    end else if (refused_i && (!taken_q || !any_o)) begin
      taken_q <= 1'b1;
      addr_q <= addr_i;
    end else if (!any_o) begin
      taken_q <= 1'b0;
    end
  end
endmodule
