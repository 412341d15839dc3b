// The run and the soak each judge what this process holds.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
