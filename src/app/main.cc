// The ddbproxy program.
int main() { return 1; }
