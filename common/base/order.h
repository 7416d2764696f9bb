/* How qsort(3) and bsearch(3) compare what is compared in several places. */
#ifndef ORDER_H
#define ORDER_H

/* Two int64_t, the smaller first. */
int order_int64(const void *left, const void *right);

#endif
