"""The live page: controls from the register, thousands of runs behind every picture. Needs the extra `page`."""
