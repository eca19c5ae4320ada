// UART transmitter, 8N1, of 32-bit words: four bytes, least significant first.
module cim_uart_tx #(
  parameter int unsigned ClksPerBit = 8  // clock cycles a bit, 4 .. 65535
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        flush_i,   // forgets the rest of a word; the byte on the line ends
  input  logic        valid_i,
  output logic        ready_o,   // in the cycle in which the last byte is taken
  input  logic [31:0] data_i,
  output logic        tx_o,
  output logic        idle_o
);
  localparam int unsigned CountW = $clog2(ClksPerBit);
  if (ClksPerBit < 4 || ClksPerBit > 65535) begin : gen_illegal
    $fatal(1, "cim_uart_tx: ClksPerBit must be 4 .. 65535.");
  end

  logic [CountW-1:0] count_q;
  logic [3:0] bits_q;      // still to send, start and stop bit included
  logic [9:0] shift_q;     // lowest bit on the line
  logic [1:0] byte_q;
  logic active, last_cycle, take;

  assign active = bits_q != '0;
  assign last_cycle = bits_q == 4'd1 && count_q == '0;
  assign take = valid_i && (!active || last_cycle);
  assign ready_o = take && byte_q == 2'd3;
  assign tx_o = shift_q[0];
  assign idle_o = !active;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      count_q <= '0;
      bits_q <= '0;
      shift_q <= '1;
    end else if (take) begin
      count_q <= CountW'(ClksPerBit - 1);
      bits_q <= 4'd10;
      shift_q <= {1'b1, data_i[8*byte_q+:8], 1'b0};
    end else if (active) begin
      if (count_q != '0) begin
        count_q <= count_q - 1'b1;
      end else begin
        count_q <= CountW'(ClksPerBit - 1);
        bits_q <= bits_q - 1'b1;
        shift_q <= {1'b1, shift_q[9:1]};
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) byte_q <= '0;
    else if (take) byte_q <= byte_q + 1'b1;
  end
endmodule
