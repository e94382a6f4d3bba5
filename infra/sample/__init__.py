"""The sample register: what five German press texts tell about business networks, in the input form of the API."""
