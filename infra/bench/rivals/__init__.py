"""The same three requests as other people would serve them, each by its framework's manual.

All of them use one model, one store and one kind of item, so that what is compared is what stands around these.
"""
