"""One folder per noun, one module per Lambda function."""
