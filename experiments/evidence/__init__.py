"""What is known of past ceasefires, of the Donbas and of budgets, and the model measured on the same."""
