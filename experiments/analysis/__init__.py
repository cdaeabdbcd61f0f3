"""What tables of runs say to a question: pure functions of arrays and data frames, without plots or files."""
