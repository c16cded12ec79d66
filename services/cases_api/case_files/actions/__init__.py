"""Acts on case files once they are entered: `acts` what people do, `parties` how parties are kept, `trail` what is told of it."""
