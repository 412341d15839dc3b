// A listener for spans or figures sees those of the whole process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
